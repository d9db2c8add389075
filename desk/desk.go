// Package desk is the workbench in the browser: people find reports, read them
// beside what was read from them, and decide.
package desk
