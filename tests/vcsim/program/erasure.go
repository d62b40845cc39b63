package main

import (
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/types"
)

// zeroFill carries out VirtualDiskManager.ZeroFillVirtualDisk_Task: every block of a disk is overwritten. A disk that a
// running VM holds open is refused.
func (w *World) zeroFill(ctx *simulator.Context, name string) types.BaseMethodFault {
	storage := w.storage.copy()
	store, file := storage.find(name)
	if store == nil {
		return &types.InvalidDatastorePath{DatastorePath: name}
	}
	disk, there := store.files[file]
	if !there {
		return &types.FileNotFound{FileFault: types.FileFault{File: name}}
	}
	owner := w.ownerOf(name)
	if owner != nil && runs(owner) {
		return &types.FileLocked{FileFault: types.FileFault{File: name}}
	}
	if !w.mounted(store) {
		return &types.InaccessibleDatastore{InvalidDatastore: types.InvalidDatastore{Datastore: &store.ref, Name: store.name}}
	}
	disk.zeroed = true
	store.files[file] = disk
	w.commit(ctx, storage)
	path := ""
	if owner != nil {
		path = w.path(owner.Self)
	}
	w.journal.write(userOf(ctx), "disk-zero-filled", path, name)
	return nil
}

// mounted tells whether any host that has the datastore answers.
func (w *World) mounted(store *Store) bool {
	for _, host := range w.hostsOf(store.cluster) {
		if host.Runtime.ConnectionState == types.HostSystemConnectionStateConnected {
			return true
		}
	}
	return false
}
