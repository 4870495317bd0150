/* The names that PostgreSQL gives to a table that occurs more than once in a view. */
#ifndef CORE_ALIAS_H
#define CORE_ALIAS_H

/*
 * In the view VIEW of a dump, replaces each alias that ends in _1, _2 and so on by one that tells
 * only which of them it is. After a table was renamed, the dump still has aliases made of its old
 * name until it has been loaded once.
 */
char *alias_hide(void *ctx, const char *view);

#endif
