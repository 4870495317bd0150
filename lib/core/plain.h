/* Files that can do nothing but change tables and the like, and rows. */
#ifndef CORE_PLAIN_H
#define CORE_PLAIN_H

#include <stdbool.h>

#include "core/script.h"

/* The newest major version of PostgreSQL whose functions script_is_plain knows. */
#define PLAIN_NEWEST_SERVER 18

/*
 * Whether each statement of the file creates, alters or drops tables, indexes, views, sequences,
 * types or schemas, or reads or writes rows, and its text has, quoted or not, no name of a function
 * of PostgreSQL's that has effects, none that begins with pg_, and nothing that has to do with
 * schema hop, deferred constraints, privileges or the server. Rather false than wrongly true: false
 * costs time only.
 */
bool script_is_plain(const struct script *script);

#endif
