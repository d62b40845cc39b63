package main

import (
	"sync"
)

// Entry is one thing that truly happened: who did it, to what, and details that depend on the event.
type Entry struct {
	Seq    int    `json:"seq"`
	User   string `json:"user"`
	Event  string `json:"event"`
	Path   string `json:"path"`
	Detail string `json:"detail"`
}

// Journal is all that happened since the room was furnished, in order.
type Journal struct {
	lock    sync.Mutex
	open    bool
	entries []Entry
}

// begin makes what comes from now on be written down: the room's furnishing is nobody's doing.
func (j *Journal) begin() {
	j.lock.Lock()
	defer j.lock.Unlock()
	j.open = true
}

func (j *Journal) write(user, event, path, detail string) {
	j.lock.Lock()
	defer j.lock.Unlock()
	if j.open {
		j.entries = append(j.entries, Entry{len(j.entries) + 1, user, event, path, detail})
	}
}

func (j *Journal) all() []Entry {
	j.lock.Lock()
	defer j.lock.Unlock()
	return append([]Entry{}, j.entries...)
}
