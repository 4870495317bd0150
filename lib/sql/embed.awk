# Turns FILE.sql ... into C: want=c the strings, want=h their declarations.
BEGIN {
	print "/* Made by embed.awk from the .sql files of lib/sql. */"
	if (want == "c")
		print "#include \"sql/sql.h\""
	for (i = 1; i < ARGC; i++)
		embed(ARGV[i])
	exit
}

function embed(file, name, line)
{
	name = file
	sub(/.*\//, "", name)
	sub(/\.sql$/, "", name)
	gsub(/[^A-Za-z0-9]/, "_", name)
	if (want == "h") {
		print "extern const char sql_" name "[];"
		return
	}
	print "\nconst char sql_" name "[] ="
	while ((getline line <file) > 0) {
		gsub(/\\/, "&&", line)
		gsub(/"/, "\\\"", line)
		print "\t\"" line "\\n\""
	}
	close(file)
	print "\t\"\";"
}
