package report

import (
	"encoding/xml"
	"io"
	"strconv"

	"lockstep/grader/internal/verdict"
)

// JUnit writes the class as JUnit XML: a suite for each student and chapter, and for a
// student who could not be graded one with an error. A message says what the status
// means; what the student was told stands in the student's own result.
func (c *Class) JUnit(w io.Writer) error {
	chapters := c.inOrder()
	checks := map[*classChapter][]*classCheck{}
	for _, ch := range chapters {
		checks[ch] = ch.inOrder()
	}
	all := junitSuites{Name: label(c.course).String()}
	c.suites(chapters, checks, func(s junitSuite) error { all.add(&s); return nil })

	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	root := xml.StartElement{Name: xml.Name{Local: "testsuites"}, Attr: []xml.Attr{
		attr("name", all.Name), attr("tests", strconv.Itoa(all.Tests)), attr("errors", strconv.Itoa(all.Errors)),
		attr("failures", strconv.Itoa(all.Failures)), attr("skipped", strconv.Itoa(all.Skipped)),
	}}
	if err := e.EncodeToken(root); err != nil {
		return err
	}
	element := xml.StartElement{Name: xml.Name{Local: "testsuite"}}
	if err := c.suites(chapters, checks, func(s junitSuite) error { return e.EncodeElement(s, element) }); err != nil {
		return err
	}
	if err := e.EncodeToken(root.End()); err != nil {
		return err
	}
	if err := e.Close(); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func attr(name, value string) xml.Attr { return xml.Attr{Name: xml.Name{Local: name}, Value: value} }

// suites makes the suites one after the other: those of a large class are many.
func (c *Class) suites(chapters []*classChapter, checks map[*classChapter][]*classCheck, do func(junitSuite) error) error {
	n := 0
	for _, r := range c.students() {
		if !r.graded {
			s := junitSuite{Name: r.id, ID: n, Package: r.id}
			s.add(junitCase{Name: "grading", Classname: r.id, Status: string(verdict.Trouble)}, verdict.Trouble,
				&junitReason{Message: r.trouble, Type: string(verdict.Trouble)}, "")
			if err := do(s); err != nil {
				return err
			}
			n++
		}
		for _, ch := range chapters {
			o := r.outcome(ch)
			if o == nil {
				continue
			}
			s := junitSuite{Name: r.id + " " + ch.id, ID: n, Package: r.id, Properties: junitProperties(o.status, o.points, o.most)}
			for _, k := range checks[ch] {
				status, _, ok := o.mark(k)
				if !ok {
					continue
				}
				s.add(junitCase{Name: k.name, Classname: r.id + "." + ch.id, Status: string(status)}, status,
					&junitReason{Message: advice(status), Type: string(status)}, "")
			}
			if err := do(s); err != nil {
				return err
			}
			n++
		}
	}
	return nil
}
