// Probe is what the conformance tests run in containers: an HTTP server, a check of it, and a bounded load generator.
//
//	probe serve ADDRESS         answer $VERSION, for $DRAIN (default 3s) after SIGTERM too
//	probe check URL             end with 0 if the answer is 200
//	probe load URL FOR AT_LEAST eight clients, each up to fifty requests a second, until SIGTERM; a report in JSON
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const (
	clients     = 8
	pause       = 20 * time.Millisecond
	patience    = 5 * time.Second
	shownErrors = 5
)

func main() {
	verbs := map[string]func([]string) error{"serve": serve, "check": check, "load": load}
	if len(os.Args) < 3 || verbs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "probe serve ADDRESS | check URL | load URL FOR AT_LEAST")
		os.Exit(2)
	}
	if err := verbs[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A rolling update takes a task's address out of the name service at about the time that it sends the signal: who has
// just looked it up still connects, so the server answers on for a while, and ends its connections one by one.
func serve(words []string) error {
	drain, err := time.ParseDuration(or(os.Getenv("DRAIN"), "3s"))
	if err != nil {
		return err
	}
	server := &http.Server{Addr: words[0], Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, os.Getenv("VERSION"))
	})}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() {
		<-stop
		time.Sleep(drain)
		ended <- server.Shutdown(context.Background())
	}()
	fmt.Println("serving", os.Getenv("VERSION"))
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return err
	}
	return <-ended
}

func check(words []string) error {
	_, err := get(words[0])
	return err
}

type report struct {
	Sent    int            `json:"sent"`
	Failed  int            `json:"failed"`
	Answers map[string]int `json:"answers"`
	Errors  []string       `json:"errors"`
}

// Load ends when the number is reached and either the time is over or a signal came. Each request looks the name up, takes
// one of its addresses by chance and has a connection of its own; nothing is tried twice.
func load(words []string) error {
	if len(words) != 3 {
		return fmt.Errorf("load URL FOR AT_LEAST")
	}
	span, err := time.ParseDuration(words[1])
	if err != nil {
		return err
	}
	least, err := strconv.Atoi(words[2])
	if err != nil {
		return err
	}
	found := report{Answers: map[string]int{}, Errors: []string{}}
	over, cancel := context.WithTimeout(context.Background(), span)
	defer cancel()
	over, stop := signal.NotifyContext(over, syscall.SIGTERM)
	defer stop()
	var lock sync.Mutex
	var all sync.WaitGroup
	for client := 0; client < clients; client++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for {
				lock.Lock()
				enough := found.Sent >= least && over.Err() != nil
				lock.Unlock()
				if enough {
					return
				}
				answer, err := get(words[0])
				lock.Lock()
				found.Sent++
				if err != nil {
					found.Failed++
					if len(found.Errors) < shownErrors {
						found.Errors = append(found.Errors, err.Error())
					}
				} else {
					found.Answers[answer]++
				}
				lock.Unlock()
				time.Sleep(pause)
			}
		}()
	}
	all.Wait()
	return json.NewEncoder(os.Stdout).Encode(found)
}

var client = &http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true, DialContext: dial}}

// Go's own dialer goes on to the next address where one does not answer, and so hides what a test looks for.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	found, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return nil, err
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, net.JoinHostPort(found[rand.IntN(len(found))], port))
}

func get(url string) (string, error) {
	answer, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", err
	}
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", url, answer.Status)
	}
	return string(body[:max(0, len(body)-1)]), nil
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
