package main

import (
	"fmt"
	"maps"
	"path"
	"strings"

	"github.com/google/uuid"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// Storage is what lies on the datastores: disk files only, each as large as its capacity, whatever its provisioning.
type Storage struct {
	stores map[string]*Store // by the datastore's id
}

// Store is one datastore.
type Store struct {
	ref      types.ManagedObjectReference
	cluster  types.ManagedObjectReference
	name     string
	capacity int64
	files    map[string]File // by path within the datastore
}

// File is a disk. Its uuid is given when the file is made and never changes.
type File struct {
	capacity int64
	uuid     string
	zeroed   bool
}

func newStorage() *Storage {
	return &Storage{stores: map[string]*Store{}}
}

// copy is a storage to try changes on.
func (s *Storage) copy() *Storage {
	stores := map[string]*Store{}
	for id, store := range s.stores {
		twin := *store
		twin.files = maps.Clone(store.files)
		stores[id] = &twin
	}
	return &Storage{stores}
}

func (s *Storage) named(name string) *Store {
	for _, store := range s.stores {
		if store.name == name {
			return store
		}
	}
	return nil
}

func (s *Store) free() int64 {
	free := s.capacity
	for _, file := range s.files {
		free -= file.capacity
	}
	return free
}

// full is a file's whole path: "[raid6] app-1/app-1.vmdk".
func (s *Store) full(file string) string {
	return fmt.Sprintf("[%s] %s", s.name, file)
}

// create makes a disk file; the fault is NoDiskSpace or FileAlreadyExists.
func (s *Store) create(file string, capacity int64) (File, types.BaseMethodFault) {
	if _, there := s.files[file]; there {
		return File{}, &types.FileAlreadyExists{FileFault: types.FileFault{File: s.full(file)}}
	}
	if capacity > s.free() {
		return File{}, s.noSpace(file)
	}
	made := File{capacity: capacity, uuid: "6000C29" + uuid.NewString()[7:]}
	s.files[file] = made
	return made, nil
}

// grow makes a disk file larger.
func (s *Store) grow(file string, capacity int64) types.BaseMethodFault {
	grown := s.files[file]
	if capacity-grown.capacity > s.free() {
		return s.noSpace(file)
	}
	grown.capacity = capacity
	s.files[file] = grown
	return nil
}

func (s *Store) noSpace(file string) types.BaseMethodFault {
	return &types.NoDiskSpace{FileFault: types.FileFault{File: s.full(file)}, Datastore: s.name}
}

// folder is a folder's name that no file lies in yet: the wanted one, else "wanted_1" and so on.
func (s *Store) folder(wanted string) string {
	for count := 0; ; count++ {
		name := wanted
		if count > 0 {
			name = fmt.Sprintf("%s_%d", wanted, count)
		}
		if !s.has(name) {
			return name
		}
	}
}

func (s *Store) has(folder string) bool {
	for file := range s.files {
		if strings.HasPrefix(file, folder+"/") {
			return true
		}
	}
	return false
}

// freeName is a disk file's name in a folder: "app-1.vmdk", else "app-1_1.vmdk" and so on.
func (s *Store) freeName(folder, stem string) string {
	for count := 0; ; count++ {
		name := stem + ".vmdk"
		if count > 0 {
			name = fmt.Sprintf("%s_%d.vmdk", stem, count)
		}
		file := path.Join(folder, name)
		if _, there := s.files[file]; !there {
			return file
		}
	}
}

// find is the store and the path in it that a whole path names.
func (s *Storage) find(full string) (*Store, string) {
	var parsed object.DatastorePath
	if !parsed.FromString(full) {
		return nil, ""
	}
	return s.named(parsed.Datastore), parsed.Path
}

// commit makes a tried storage the real one and tells the datastores' free space.
func (w *World) commit(ctx *simulator.Context, tried *Storage) {
	w.storage = tried
	for _, store := range tried.stores {
		datastore, ok := get[*simulator.Datastore](w, store.ref)
		if !ok || datastore.Summary.FreeSpace == store.free() {
			continue
		}
		ctx.WithLock(datastore, func() {
			datastore.Info.GetDatastoreInfo().FreeSpace = store.free()
			ctx.Update(datastore, []types.PropertyChange{{Name: "summary.freeSpace", Val: store.free()}})
		})
	}
}
