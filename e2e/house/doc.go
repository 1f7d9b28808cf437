// Package house holds the tests that keep the structure of the repository
// honest: which package may import which, how large a room may grow, and which
// hostile inputs have a named test. They read the source and the module graph,
// run nothing of the product, and fail with the sentence that says what to do.
package house
