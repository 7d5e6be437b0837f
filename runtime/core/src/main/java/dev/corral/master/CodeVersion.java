package dev.corral.master;

import dev.corral.Program;

/** Code that workers run, with a number of its own: the same program, loaded once more, is another version. */
record CodeVersion(long version, Program program) {}
