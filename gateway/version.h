/* version.h - which yuangate this is. */
#ifndef GATEWAY_VERSION_H
#define GATEWAY_VERSION_H

#define YUANGATE_VERSION "0.1.0"

#endif
