package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// swapped are operators and what they become: a bound off by one, an equality
// turned round, both for either.
var swapped = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
}

// mutator collects the mutants of one file.
type mutator struct {
	file   string
	source []byte
	set    *token.FileSet
	found  []mutant
}

// mutantsOf returns all mutants of a file below root, in the order of its text.
func mutantsOf(root, file string) ([]mutant, error) {
	source, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		return nil, err
	}
	m := &mutator{file: file, source: source, set: token.NewFileSet()}
	parsed, err := parser.ParseFile(m.set, file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	ast.Inspect(parsed, m.visit)
	return m.found, nil
}

func (m *mutator) add(kind string, from, to token.Pos, with string) {
	start := m.set.Position(from)
	m.found = append(m.found, mutant{
		file: m.file, line: start.Line, kind: kind, source: m.source,
		start: start.Offset, end: m.set.Position(to).Offset, with: with,
	})
}

func (m *mutator) text(n ast.Node) string {
	return string(m.source[m.set.Position(n.Pos()).Offset:m.set.Position(n.End()).Offset])
}

func (m *mutator) drop(kind string, n ast.Node) { m.add(kind, n.Pos(), n.End(), "") }

func (m *mutator) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.BinaryExpr:
		if with, known := swapped[n.Op]; known {
			m.add("change an operator", n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), with.String())
		}
	case *ast.IfStmt:
		m.add("negate a condition", n.Cond.Pos(), n.Cond.End(), "!("+m.text(n.Cond)+")")
		m.dropExits(n.Body)
	case *ast.BasicLit:
		m.number(n)
	case *ast.Ident:
		if with, known := map[string]string{"true": "false", "false": "true"}[n.Name]; known {
			m.add("swap true and false", n.Pos(), n.End(), with)
		}
	case *ast.CaseClause:
		m.dropBody(n.Body)
	case *ast.CommClause:
		m.dropBody(n.Body)
	default:
		m.statement(n)
	}
	return true
}

// statement drops a call, an assignment or a defer. What locks is left alone: a
// program that waits for itself, or unlocks what is not locked, proves no test.
func (m *mutator) statement(n ast.Node) {
	switch n := n.(type) {
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok && !locks(call) {
			m.drop("drop a call", n)
		}
	case *ast.DeferStmt:
		if !locks(n.Call) {
			m.drop("drop a defer", n)
		}
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			m.drop("drop an assignment", n)
		}
	case *ast.IncDecStmt:
		m.drop("drop an assignment", n)
	}
}

// dropExits drops what leaves a conditional block: return, break, continue.
func (m *mutator) dropExits(body *ast.BlockStmt) {
	if len(body.List) == 0 {
		return
	}
	switch last := body.List[len(body.List)-1].(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		m.drop("drop an early end", last)
	}
}

func (m *mutator) dropBody(body []ast.Stmt) {
	if len(body) > 0 {
		m.add("empty a case", body[0].Pos(), body[len(body)-1].End(), "")
	}
}

// number adds one to a whole number.
func (m *mutator) number(n *ast.BasicLit) {
	if n.Kind != token.INT {
		return
	}
	value, err := strconv.ParseInt(strings.ReplaceAll(n.Value, "_", ""), 0, 64)
	if err == nil {
		m.add("change a number", n.Pos(), n.End(), strconv.FormatInt(value+1, 10))
	}
}

// locks reports whether a call takes or gives back a lock.
func locks(call *ast.CallExpr) bool {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	switch method.Sel.Name {
	case "Lock", "Unlock", "RLock", "RUnlock":
		return true
	}
	return false
}
