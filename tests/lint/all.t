#!/bin/sh
# Every lint is a test.
exec "$HOP_SRCDIR/tests/lint/run"
