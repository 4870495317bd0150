/* Functions that nothing here may call; forced into every file by the makefile. */
#ifndef BASE_BAN_H
#define BASE_BAN_H

/* Their own headers mention them, so these come before the ban. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* _FORTIFY_SOURCE makes macros of some, where the compiler is clang. */
#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef gets

#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok system popen

#endif
