/* Functions that must not be used. The makefile includes this in every file. */
#ifndef BASE_BAN_H
#define BASE_BAN_H

/* These headers declare them, so include them before the ban. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With clang, _FORTIFY_SOURCE defines some of them as macros. */
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef gets

#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok system popen

#endif
