#!/bin/sh
# A gateway that will not start, and says why.
echo "yuangate: book.json: no such bank class" >&2
exit 3
