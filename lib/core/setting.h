/* The settings of git that are hop's: git config hop.NAME. */
#ifndef CORE_SETTING_H
#define CORE_SETTING_H

enum setting_type { SETTING_TEXT, SETTING_BOOL, SETTING_NUMBER };

struct setting {
	const char *key; /* as the manual writes it: "hop.backupDir" */
	enum setting_type type;
};

/* Ends with a NULL key. */
extern const struct setting settings[];

/* Case does not matter; NULL: there is no such setting. */
const struct setting *setting_find(const char *key);

#endif
