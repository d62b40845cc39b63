package main

import (
	"encoding/json"
	"net/http"

	"github.com/vmware/govmomi/vim25/types"
)

// order is what a test asks of the control address; which fields count depends on the path.
type order struct {
	Milliseconds float64    `json:"ms"`
	Methods      []string   `json:"methods"`
	Fault        *FaultRule `json:"fault"`
	Path         string     `json:"path"`
	Tools        *bool      `json:"tools"`
	Deaf         *bool      `json:"deaf"`
	State        string     `json:"state"`
}

// newControl serves a test's orders: POST, JSON in and out.
func newControl(w *World) http.Handler {
	mux := http.NewServeMux()
	serve := func(path string, act func(order) any) {
		mux.HandleFunc("POST /"+path, func(response http.ResponseWriter, request *http.Request) {
			var given order
			if err := json.NewDecoder(request.Body).Decode(&given); err != nil {
				http.Error(response, err.Error(), http.StatusBadRequest)
				return
			}
			answer := act(given)
			if problem, is := answer.(error); is {
				http.Error(response, problem.Error(), http.StatusNotFound)
				return
			}
			_ = json.NewEncoder(response).Encode(answer)
		})
	}
	c := w.controls
	serve("calls", func(order) any {
		c.lock.Lock()
		defer c.lock.Unlock()
		counts := map[string]int{}
		for method, count := range c.calls {
			counts[method] = count
		}
		return counts
	})
	serve("reset-calls", func(order) any {
		c.lock.Lock()
		defer c.lock.Unlock()
		clear(c.calls)
		return nil
	})
	serve("latency", func(o order) any { c.delay(&c.latencies, o.Milliseconds, o.Methods); return nil })
	serve("task-duration", func(o order) any { c.delay(&c.durations, o.Milliseconds, o.Methods); return nil })
	serve("fail", func(o order) any {
		c.lock.Lock()
		defer c.lock.Unlock()
		c.rules = append(c.rules, o.Fault)
		return nil
	})
	serve("clear-faults", func(order) any {
		c.lock.Lock()
		defer c.lock.Unlock()
		c.rules = nil
		return nil
	})
	serve("met", func(order) any {
		c.lock.Lock()
		defer c.lock.Unlock()
		met := 0
		for _, rule := range c.rules {
			met += rule.met
		}
		return met
	})
	serve("journal", func(order) any { return w.journal.all() })
	serve("sessions", func(order) any { return w.sessionUsers() })
	serve("expire-sessions", func(order) any { w.expireSessions(); return nil })
	serve("disks", func(order) any { return w.disks() })
	serve("connection", func(o order) any { return w.setConnection(o) })
	serve("guest", func(o order) any { return w.setGuest(o) })
	return mux
}

// disks are all disk files that lie on the datastores, and whether each was overwritten with zeros.
func (w *World) disks() map[string]map[string]any {
	w.change.Lock()
	defer w.change.Unlock()
	files := map[string]map[string]any{}
	for _, store := range w.storage.stores {
		for name, file := range store.files {
			files[store.full(name)] = map[string]any{
				"capacity": file.capacity, "uuid": file.uuid, "zeroed": file.zeroed,
			}
		}
	}
	return files
}

type noSuchMachine string

func (path noSuchMachine) Error() string { return "no VM " + string(path) }

// setGuest decides whether a VM's tools run and whether its guest obeys a shutdown.
func (w *World) setGuest(o order) any {
	w.change.Lock()
	defer w.change.Unlock()
	vm := w.machineAt(o.Path)
	if vm == nil {
		return noSuchMachine(o.Path)
	}
	if o.Tools != nil {
		w.guests[vm.Self].tools = *o.Tools
	}
	if o.Deaf != nil {
		w.guests[vm.Self].deaf = *o.Deaf
	}
	w.maker.WithLock(vm, func() {
		vm.Guest = w.guestInfo(vm)
		w.maker.Update(vm, []types.PropertyChange{
			{Name: "guest.toolsRunningStatus", Val: vm.Guest.ToolsRunningStatus},
		})
	})
	return nil
}
