package main

import (
	"net/url"
	"sort"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// guard lets in the given users only.
func (w *World) guard(users []User) {
	passwords := map[string]string{}
	for _, user := range users {
		passwords[user.Name] = user.Password
	}
	w.service.Listen = &url.URL{User: url.UserPassword("nobody", "nothing")}
	w.registry.SessionManager().ValidLogin = func(login *types.Login) bool {
		password, known := passwords[login.UserName]
		return known && password == login.Password
	}
}

// liveSessions are those that a client may still use.
func (w *World) liveSessions() []types.UserSession {
	return w.sessionManager().SessionList
}

// sessionManager is a view that knows its sessions, which the singleton does not.
func (w *World) sessionManager() *simulator.SessionManager {
	viewer := &simulator.Session{Registry: simulator.NewRegistry(), Map: w.registry}
	return viewer.Get(w.registry.SessionManager().Self).(*simulator.SessionManager)
}

func (w *World) sessionUsers() []string {
	users := []string{}
	for _, session := range w.liveSessions() {
		users = append(users, session.UserName)
	}
	sort.Strings(users)
	return users
}

// expireSessions ends every session, as idleness of half an hour does.
func (w *World) expireSessions() {
	manager := w.registry.SessionManager()
	ctx := &simulator.Context{Map: w.registry, Session: &simulator.Session{}}
	for _, session := range w.liveSessions() {
		manager.TerminateSession(ctx, &types.TerminateSession{SessionId: []string{session.Key}})
	}
}
