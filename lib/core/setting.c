/* The settings hop.* in git's configuration. */
#include "core/setting.h"

#include <strings.h>

const struct setting settings[] = {
	{"hop.asSuperuser", SETTING_BOOL},
	{"hop.backup", SETTING_TEXT},
	{"hop.backupDir", SETTING_TEXT},
	{"hop.backupKeep", SETTING_COUNT},
	{"hop.backupTimeout", SETTING_NUMBER},
	{"hop.backupVerify", SETTING_TEXT},
	{"hop.buildAsSuperuser", SETTING_BOOL},
	{"hop.database", SETTING_CONNINFO},
	{"hop.ddlLockTimeout", SETTING_NUMBER},
	{"hop.driftCheck", SETTING_BOOL},
	{"hop.hooks", SETTING_BOOL},
	{"hop.lockTimeout", SETTING_NUMBER},
	{"hop.production", SETTING_BOOL},
	{"hop.remote", SETTING_TEXT},
	{"hop.resetDatabase", SETTING_BOOL},
	{"hop.retries", SETTING_NUMBER},
	{"hop.scriptTimeout", SETTING_NUMBER},
	{"hop.serverIdle", SETTING_NUMBER},
	{"hop.templateAge", SETTING_NUMBER},
	{"hop.templates", SETTING_NUMBER},
	{"hop.testTimeout", SETTING_NUMBER},
	{0, SETTING_TEXT},
};

const struct setting *setting_find(const char *key)
{
	for (const struct setting *s = settings; s->key; s++) {
		if (strcasecmp(s->key, key) == 0)
			return s;
	}
	return 0;
}
