// Package shard is for runs over more than one process reads at once: which of
// n runs reads what, and output that a run which was killed can go on with.
//
// A [Shard] deals out the records of each file in turn, so that it works for a
// folder of small files and for one huge file alike. The law: whatever n is,
// each record is in exactly one of the shards 1/n … n/n.
//
// An [Output] is the files that a run leaves in a folder. The law: the files
// appear when they are whole, and a run that was killed and resumed, however
// often, leaves the same bytes as one that was not.
//
// For example, shard 2 of 3 of a folder with one file of seven lines, whose
// name draws the beginning 1, reads the lines 3 and 6 (1+3 and 1+6 leave 1
// when divided by 3, and shards count from 1), and leaves
//
//	records-2-of-3.jsonl
//	errors-2-of-3.jsonl      where there are any
//	run-2-of-3.json          what they were made from and by
package shard
