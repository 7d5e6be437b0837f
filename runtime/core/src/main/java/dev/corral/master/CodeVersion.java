package dev.corral.master;

import dev.corral.Program;

/** The code that workers run, with a number. The same program, loaded again, is another version. */
record CodeVersion(long version, Program program) {}
