/* Shared by the files of run/record.h. */
#ifndef RUN_RECORD_PRIVATE_H
#define RUN_RECORD_PRIVATE_H

#include "run/record.h"

/* The ERROR_NO of record_state; schema hop exists. */
struct error *record_check_trust(struct db *db) MUST_CHECK;

#endif
