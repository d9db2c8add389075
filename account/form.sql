-- The accounts of a desk. The file is secret: see package account.

CREATE TABLE accounts (
	name     TEXT PRIMARY KEY NOT NULL,  -- as decisions are signed with it
	key      TEXT NOT NULL UNIQUE,       -- by what two names are the same, see Key
	role     TEXT NOT NULL,              -- reader, reviewer, admin
	password TEXT NOT NULL,              -- Argon2id, a PHC string; '' before an invitation is taken
	fresh    INTEGER NOT NULL,           -- 1: somebody else chose the password, it has to be changed
	created  INTEGER NOT NULL,           -- Unix time in milliseconds, as all times here
	removed  INTEGER                     -- when; NULL for who may sign in
) STRICT;

CREATE TABLE sessions (
	token   BLOB PRIMARY KEY NOT NULL,   -- SHA-256 of the token
	name    TEXT NOT NULL REFERENCES accounts(name),
	created INTEGER NOT NULL,
	seen    INTEGER NOT NULL             -- last request, to the minute
) STRICT;
CREATE INDEX sessions_name ON sessions(name);

CREATE TABLE invitations (
	token   BLOB PRIMARY KEY NOT NULL,   -- SHA-256 of the token
	name    TEXT NOT NULL REFERENCES accounts(name),
	expires INTEGER NOT NULL
) STRICT;

-- Tries to sign in that failed, or are under way.
CREATE TABLE tries (
	what  BLOB PRIMARY KEY NOT NULL,     -- hash of an address, a name, or both; see tries.go
	n     INTEGER NOT NULL,            -- thousandths of a try
	last  INTEGER NOT NULL
) STRICT;
CREATE INDEX tries_last ON tries(last);

-- Who let whom in, and made them what.
CREATE TABLE changes (
	seq  INTEGER PRIMARY KEY,
	at   INTEGER NOT NULL,
	by   TEXT NOT NULL,                  -- an account; '' for the command line
	what TEXT NOT NULL,                  -- added, role, invited, password, removed, restored
	name TEXT NOT NULL,
	role TEXT NOT NULL                   -- that it had then
) STRICT;
