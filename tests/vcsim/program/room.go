package main

import (
	"encoding/json"
	"io"
)

// Room is the hardware that stands before anybody works with it, and who may log in: what the program is told.
type Room struct {
	Datacenter string         `json:"datacenter"`
	Clusters   []ClusterRoom  `json:"clusters"`
	Datastores []StoreRoom    `json:"datastores"`
	Templates  []TemplateRoom `json:"templates"`
	Switch     string         `json:"switch"`
	Users      []User         `json:"users"`
	// CAFile is where the certificate of the server's own authority is written.
	CAFile string `json:"ca_file"`
}

// ClusterRoom is a cluster and its hosts, in the order in which placement looks at them.
type ClusterRoom struct {
	Name  string     `json:"name"`
	Hosts []HostRoom `json:"hosts"`
}

// HostRoom is one host: hardware threads and memory.
type HostRoom struct {
	Name      string `json:"name"`
	CPU       int    `json:"cpu"`
	MemoryGiB int64  `json:"memory_gib"`
}

// StoreRoom is a datastore, mounted on every host of one cluster.
type StoreRoom struct {
	Name       string `json:"name"`
	Cluster    string `json:"cluster"`
	CapacityGB int64  `json:"capacity_gb"`
}

// TemplateRoom is an OS template: one system disk, one network card.
type TemplateRoom struct {
	Name   string `json:"name"`
	DiskGB int64  `json:"disk_gb"`
}

// User may log in.
type User struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

// gigabyte as vSphere's client counts: 2**30 bytes.
const gigabyte = int64(1) << 30

func readRoom(source io.Reader) (Room, error) {
	var room Room
	err := json.NewDecoder(source).Decode(&room)
	return room, err
}
