/* The settings hop.* in git's configuration. */
#ifndef CORE_SETTING_H
#define CORE_SETTING_H

enum setting_type {
	SETTING_TEXT,
	SETTING_BOOL,
	SETTING_NUMBER, /* not negative */
	SETTING_COUNT,  /* positive */
	SETTING_CONNINFO
};

struct setting {
	const char *key; /* as in the manual: "hop.backupDir" */
	enum setting_type type;
};

/* The last one has a NULL key. */
extern const struct setting settings[];

/* Ignores case; NULL if there is no such setting. */
const struct setting *setting_find(const char *key);

#endif
