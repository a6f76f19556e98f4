// Writes keys of 100 bytes, so many at a time, to one endpoint, and prints how many a second were acknowledged and how long each took.
// One program for both systems, so that the client costs them the same: etcd by its own gRPC client, an agent by its REST API.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// keys that each worker writes in turn: with 128 of them still half of what an agent's state may hold.
const keys = 400

// put writes one key; it returns when that is acknowledged.
type put func(ctx context.Context, key string) error

func main() {
	target := flag.String("target", "", "agent, etcd or disk")
	endpoint := flag.String("endpoint", "", "host:port; for disk a directory")
	token := flag.String("token", "", "the agent's bearer token")
	outstanding := flag.Int("outstanding", 1, "writes under way at any time")
	warm := flag.Duration("warm", 3*time.Second, "time before it is measured")
	measured := flag.Duration("measured", 8*time.Second, "time that is measured")
	flag.Parse()
	value := strings.Repeat("v", 100)

	switch *target {
	case "disk":
		disk(*endpoint)
	case "agent":
		run(agent(*endpoint, *token, value, *outstanding), *outstanding, *warm, *measured)
	case "etcd":
		client, err := clientv3.New(clientv3.Config{Endpoints: []string{*endpoint}, DialTimeout: 5 * time.Second})
		if err != nil {
			log.Fatal(err)
		}
		defer client.Close()
		run(func(ctx context.Context, key string) error {
			_, err := client.Put(ctx, key, value)
			return err
		}, *outstanding, *warm, *measured)
	default:
		log.Fatalf("-target is %q: allowed are agent, etcd and disk", *target)
	}
}

func agent(endpoint, token, value string, outstanding int) put {
	transport := &http.Transport{MaxIdleConns: outstanding, MaxIdleConnsPerHost: outstanding}
	client := &http.Client{Transport: transport}
	body := []byte(`{"value": "` + value + `"}`)
	return func(ctx context.Context, key string) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://"+endpoint+"/kv/"+key, bytes.NewReader(body))
		if err != nil {
			return err
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err == nil && response.StatusCode != http.StatusOK {
			err = fmt.Errorf("%d %s", response.StatusCode, answer)
		}
		return err
	}
}

func run(write put, outstanding int, warm, measured time.Duration) {
	begin := time.Now().Add(warm)
	end := begin.Add(measured)
	var lock sync.Mutex
	var took []time.Duration
	failures := 0
	var group sync.WaitGroup
	for worker := range outstanding {
		group.Go(func() {
			var own []time.Duration
			failed := 0
			for round := 0; ; round++ {
				start := time.Now()
				if start.After(end) {
					break
				}
				err := write(context.Background(), fmt.Sprintf("bench-%d-%d", worker, round%keys))
				done := time.Now()
				if err != nil {
					failed++
				} else if start.After(begin) && done.Before(end) {
					own = append(own, done.Sub(start))
				}
			}
			lock.Lock()
			took = append(took, own...)
			failures += failed
			lock.Unlock()
		})
	}
	group.Wait()
	if len(took) == 0 {
		fmt.Printf("0 0 0 %d\n", failures)
		os.Exit(1)
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	fmt.Printf("%.0f %.2f %.2f %d\n", float64(len(took))/measured.Seconds(), millis(took[len(took)/2]), millis(took[len(took)*99/100]), failures)
}

// disk appends and syncs 160 bytes, which is the floor of every durable write.
func disk(directory string) {
	file, err := os.Create(filepath.Join(directory, "sync"))
	if err != nil {
		log.Fatal(err)
	}
	defer os.Remove(file.Name())
	var took []time.Duration
	for range 500 {
		start := time.Now()
		if _, err := file.Write(make([]byte, 160)); err != nil {
			log.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			log.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	fmt.Printf("%.2f %.2f\n", millis(took[len(took)/2]), millis(took[len(took)*99/100]))
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
