#!/bin/sh
# Says what a gateway says, then waits for a signal.
echo "arguments: $*" >&2
echo "a line before"
echo "yuangate listening on http://127.0.0.1:4242"
echo "a line after"
exec tail -f /dev/null
