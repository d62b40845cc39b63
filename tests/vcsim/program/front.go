package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// Exchange is what the layers of one request tell one another.
type Exchange struct {
	dropReply bool
	taskFault types.BaseMethodFault
}

type exchangeKey struct{}

func exchangeOf(ctx *simulator.Context) *Exchange {
	if exchange, ok := ctx.Value(exchangeKey{}).(*Exchange); ok {
		return exchange
	}
	return &Exchange{}
}

// Front stands before the package's HTTP handler. The package hands no request through to the code behind it, so each
// gets a number that travels at the end of the session cookie and is taken off again by `takeOff`.
type Front struct {
	inner     http.Handler
	next      atomic.Int64
	exchanges sync.Map
}

func newFront(world *World) *Front {
	front := &Front{}
	world.registry.Cookie = front.takeOff
	world.service.RegisterSDK(world.registry, world.registry.Path+"/vimService")
	mux := world.service.ServeMux
	mux.HandleFunc(world.registry.Path+"/vimServiceVersions.xml", world.service.ServiceVersions)
	front.inner = mux
	return front
}

func (f *Front) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	number := strconv.FormatInt(f.next.Add(1), 10)
	exchange := &Exchange{}
	f.exchanges.Store(number, exchange)
	defer f.exchanges.Delete(number)
	session := ""
	if cookie, err := request.Cookie(soap.SessionCookieName); err == nil {
		session = cookie.Value
	}
	request.Header.Set("Cookie", soap.SessionCookieName+"="+session+"."+number)
	reply := &heldReply{header: http.Header{}}
	f.answer(reply, request)
	if exchange.dropReply {
		cut()
		return
	}
	reply.release(response)
}

// answer lets a mistake in this program be seen, instead of a connection that is cut for no reason.
func (f *Front) answer(reply *heldReply, request *http.Request) {
	defer func() {
		if mistake := recover(); mistake != nil {
			fmt.Fprintf(os.Stderr, "%v\n%s", mistake, debug.Stack())
			reply.status, reply.body = http.StatusInternalServerError, []byte(fmt.Sprint(mistake))
		}
	}()
	f.inner.ServeHTTP(reply, request)
}

// takeOff returns the session in a request's cookie and ties its exchange to the context.
func (f *Front) takeOff(ctx *simulator.Context) string {
	session, number, _ := strings.Cut(simulator.HTTPCookie(ctx), ".")
	if exchange, ok := f.exchanges.Load(number); ok {
		ctx.Context = context.WithValue(ctx.Context, exchangeKey{}, exchange)
	}
	return session
}

// cut closes the connection without an answer.
func cut() {
	panic(http.ErrAbortHandler)
}

// heldReply keeps an answer back until it is known whether it is sent.
type heldReply struct {
	header http.Header
	status int
	body   []byte
}

func (r *heldReply) Header() http.Header { return r.header }

func (r *heldReply) WriteHeader(status int) { r.status = status }

func (r *heldReply) Write(part []byte) (int, error) {
	r.body = append(r.body, part...)
	return len(part), nil
}

func (r *heldReply) release(response http.ResponseWriter) {
	for name, values := range r.header {
		response.Header()[name] = values
	}
	if response.Header().Get("Content-Type") == "" {
		response.Header().Set("Content-Type", "text/xml; charset=utf-8")
	}
	if r.status != 0 {
		response.WriteHeader(r.status)
	}
	_, _ = response.Write(r.body)
}
