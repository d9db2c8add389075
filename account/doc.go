// Package account knows who may use a desk that others can reach: names,
// roles, passwords, sessions, invitations, and how often somebody guessed.
//
// # Where it is kept
//
// In an SQLite file of its own beside the ledger (ledger.db has
// ledger.accounts.db), never in the ledger. A ledger is copied, backed up, exported and
// asked with SQL by people who are no administrators; the hashes of passwords
// must not go along. And the ledger's law is that nothing in it is changed or
// removed, while an account has to be. So a backup of a ledger holds no
// account, and restoring one brings none back: back up this file by itself,
// as the secret that it is.
//
// # Laws
//
//   - No password, token of a session or of an invitation is stored: passwords
//     as Argon2id, tokens (256 random bits) as their SHA-256.
//   - Who guesses learns nothing: a name that does not exist, one that was removed
//     and a wrong password get the same answer after the same work, and are
//     counted the same way.
//   - A try is counted before the password is looked at, so that a thousand at
//     once are a thousand tries.
//   - A name belongs to one person for ever: decisions are signed with it. An
//     account that is removed keeps its name.
//   - There is always an administrator: the last one can be neither removed nor
//     made something else.
//
// # An example
//
//	s, err := account.Open(ctx, "ledger.accounts.db", account.Options{Create: true})
//	err = s.Add(ctx, "", "leila", account.Admin, password, false)
//	token, who, err := s.SignIn(ctx, "Leila", password, "192.0.2.7")
//	who, err = s.Session(ctx, token)      // with each request; who.Name is "leila"
package account
