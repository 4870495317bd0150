/* Upgrades from a release candidate to its release if a hotfix was promoted in between. */
#ifndef RELEASE_RC_PATH_H
#define RELEASE_RC_PATH_H

#include "base/error.h"
#include "build/dev_server.h"
#include "project/catalog.h"

/*
 * A hotfix that was promoted after a release candidate runs before its patches in production, and
 * after them in a database at that release candidate. For each release candidate of RELEASE with a
 * tag that has another order than the release in TREE (which has all of production), this builds
 * the database in that order. ERROR_NO: a file fails there. What comes out may differ in the order
 * of columns; it is not compared.
 */
struct error *rc_path_prove(struct dev_server *dev, const struct open_release *release,
			    const char *tree) MUST_CHECK;

#endif
