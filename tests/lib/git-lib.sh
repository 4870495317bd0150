# shellcheck shell=bash
# Repositories for tests. Source after test-lib.sh.

# git_origin NAME: a bare repository NAME.git with one commit on main.
git_origin() {
	git init -q --bare "$1.git" &&
	git init -q "$1.seed" &&
	git -C "$1.seed" commit -q --allow-empty -m 'Begin' &&
	git -C "$1.seed" push -q "../$1.git" main &&
	rm -rf "$1.seed"
}

# git_clone ORIGIN DIR [NAME]: a clone whose commits are by NAME.
git_clone() {
	git clone -q "$1" "$2" &&
	git -C "$2" config user.name "${3-Hop Tester}"
}

# git_commit_file DIR FILE TEXT [MESSAGE]
git_commit_file() {
	mkdir -p "$(dirname "$1/$2")" &&
	printf '%s\n' "$3" >"$1/$2" &&
	git -C "$1" add -- "$2" &&
	git -C "$1" commit -q -m "${4-Change $2}"
}

# git_refs DIR: every ref with its value, to compare two moments.
git_refs() {
	git -C "$1" for-each-ref --format='%(refname) %(objectname)'
}
