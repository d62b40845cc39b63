// A vCenter for tests: govmomi's simulator, made as strict and as right as the real one where this product relies on it.
//
// The machine room comes as one line of JSON on standard input; one line of JSON with the two addresses goes out when
// the server is ready; it ends when standard input closes, so that it never outlives the test that started it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
)

func main() {
	log.SetOutput(io.Discard)
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(input io.Reader, output io.Writer) error {
	lines := bufio.NewReader(input)
	line, err := lines.ReadString('\n')
	if err != nil {
		return err
	}
	room, err := readRoom(strings.NewReader(line))
	if err != nil {
		return err
	}
	trust, err := certify(room.CAFile)
	if err != nil {
		return err
	}
	world, err := newWorld(room)
	if err != nil {
		return err
	}
	vcenter, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	control, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	quiet := log.New(io.Discard, "", 0)
	server := &http.Server{Handler: newFront(world), TLSConfig: trust, ErrorLog: quiet}
	go func() { _ = server.ServeTLS(vcenter, "", "") }()
	go func() { _ = (&http.Server{Handler: newControl(world), ErrorLog: quiet}).Serve(control) }()
	ready := map[string]string{"vcenter": vcenter.Addr().String(), "control": control.Addr().String()}
	if err = json.NewEncoder(output).Encode(ready); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, lines)
	return nil
}
