package main

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/simulator/vpx"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// World is everything behind the SOAP endpoint: the package's registry of managed objects, and beside it what the
// package has no place for.
//
// Whatever changes the inventory holds `change`, so that a decision and its effect are one step; an object's own lock
// (Context.WithLock) is held only while its properties are written, because property reads take it too.
type World struct {
	change   sync.Mutex
	maker    *simulator.Context
	registry *simulator.Registry
	service  *simulator.Service

	storage  *Storage
	journal  *Journal
	controls *Controls
	guests   map[types.ManagedObjectReference]*Guest

	datacenter *simulator.Datacenter
	claims     map[claim]struct{} // names of VMs that are being made

	machineCount   int64
	versionCount   int64
	ruleCount      int32
	portCount      int32
	filterKeyCount int64
}

// claim is a name in a folder that a running task will take.
type claim struct {
	folder types.ManagedObjectReference
	name   string
}

// pyVmomi calls a reference in a field of any type "ManagedObject", which the package does not know.
func init() {
	types.Add("ManagedObject", reflect.TypeOf(types.ManagedObjectReference{}))
}

func newWorld(room Room) (*World, error) {
	content := vpx.ServiceContent
	content.About.Name = "VMware vCenter Server"
	content.About.FullName = "VMware vCenter Server 8.0.3 build-24022515"
	content.About.Version = "8.0.3"
	content.About.Build = "24022515"
	content.About.ApiVersion = "8.0.3.0"
	content.About.InstanceUuid = uuid.NewString()
	maker := simulator.NewContext()
	maker, instance := simulator.NewServiceInstance(maker, content, vpx.RootFolder)
	world := &World{
		maker:    maker,
		registry: maker.Map,
		storage:  newStorage(),
		journal:  &Journal{},
		controls: newControls(),
		guests:   map[types.ManagedObjectReference]*Guest{},
		claims:   map[claim]struct{}{},
	}
	world.service = simulator.New(maker, instance)
	world.guard(room.Users)
	world.registry.Put(&Overrides{mo.ServiceInstance{Self: overridesReference}, world})
	world.registry.Handler = world.handle
	if err := world.furnish(room); err != nil {
		return nil, err
	}
	return world, nil
}

// asUser is a context of its own for one task: locks are held on behalf of a context.
func (w *World) asUser(ctx *simulator.Context) *simulator.Context {
	return &simulator.Context{Context: ctx.Context, Session: ctx.Session, Map: ctx.Map}
}

func userOf(ctx *simulator.Context) string {
	if ctx.Session == nil {
		return ""
	}
	return ctx.Session.UserName
}

// nextVersion is a changeVersion or configVersion that was never given before.
func (w *World) nextVersion() string {
	w.versionCount++
	return fmt.Sprintf("%s.%06dZ", time.Now().UTC().Format("2006-01-02T15:04:05"), w.versionCount)
}

// get is the object of that reference, as T.
func get[T mo.Reference](w *World, ref types.ManagedObjectReference) (T, bool) {
	object, ok := w.registry.Get(ref).(T)
	return object, ok
}

func gone(ref types.ManagedObjectReference) types.BaseMethodFault {
	return &types.ManagedObjectNotFound{Obj: ref}
}

// entity is the object of that reference as a member of the inventory tree.
func (w *World) entity(ref types.ManagedObjectReference) (mo.Entity, bool) {
	object, ok := w.registry.Get(ref).(mo.Entity)
	return object, ok
}

func nameOf(entity mo.Entity) string {
	if name := entity.Entity().Name; name != "" {
		return name
	}
	if network, ok := entity.(*mo.Network); ok {
		return network.Name
	}
	return ""
}

// names are those from below the datacenter to the object, the datacenter's own four folders among them.
func (w *World) names(ref types.ManagedObjectReference) []string {
	var names []string
	for at := &ref; at != nil; {
		entity, ok := w.entity(*at)
		if !ok || at.Type == "Datacenter" {
			break
		}
		names = append([]string{nameOf(entity)}, names...)
		at = entity.Entity().Parent
	}
	return names
}

// path is where an object is, below the datacenter's folder of its kind: "wpf/hill/app-1", "tokyo-1/Resources/hill".
func (w *World) path(ref types.ManagedObjectReference) string {
	names := w.names(ref)
	if len(names) > 1 {
		names = names[1:]
	}
	return strings.Join(names, "/")
}

// child is the member of a folder that has that name.
func (w *World) child(folder *mo.Folder, name string) mo.Entity {
	for _, ref := range folder.ChildEntity {
		if entity, ok := w.entity(ref); ok && nameOf(entity) == name {
			return entity
		}
	}
	return nil
}
