// Package contract proves that the Go types of the application and the front end
// cannot part: it changes a copy of the sources and runs their own tools on it.
package contract
