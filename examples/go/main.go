// Places a call and follows it to its end. Ends with 0 where the call was completed, else with 1.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const usage = `Places a call and follows it to its end. Ends with 0 where the call was completed, else with 1.

  go run . -to <number> [-assistant <id>] [-from <number>]

Environment: RAPIDA_URL (http://localhost:8080), RAPIDA_API_KEY (scope "calls"), RAPIDA_ASSISTANT_ID for -assistant.
`

const (
	pollEvery      = 500 * time.Millisecond
	requestTimeout = 30 * time.Second
	answerBytesMax = 1 << 20
)

type client struct {
	url  string
	key  string
	http *http.Client
}

type call struct {
	ID     string  `json:"id"`
	State  string  `json:"state"`
	Reason *string `json:"reason"`
}

func main() {
	flags := flag.NewFlagSet("place-call", flag.ContinueOnError)
	flags.Usage = func() {}
	to := flags.String("to", "", "")
	assistant := flags.String("assistant", os.Getenv("RAPIDA_ASSISTANT_ID"), "")
	from := flags.String("from", "", "")
	if err := flags.Parse(os.Args[1:]); errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage)
		return
	} else if err != nil {
		fmt.Fprint(os.Stderr, "\n", usage)
		os.Exit(2)
	}
	c := client{url: os.Getenv("RAPIDA_URL"), key: os.Getenv("RAPIDA_API_KEY")}
	if c.url == "" {
		c.url = "http://localhost:8080"
	}
	c.url = strings.TrimRight(c.url, "/")
	for _, needed := range []struct{ value, name string }{
		{*to, "-to"},
		{*assistant, "-assistant or RAPIDA_ASSISTANT_ID"},
		{c.key, "RAPIDA_API_KEY"},
	} {
		if needed.value == "" {
			fmt.Fprintf(os.Stderr, "missing: %s\n\n%s", needed.name, usage)
			os.Exit(2)
		}
	}
	c.http = &http.Client{
		Timeout: requestTimeout,
		// A redirect would take the key along, to wherever it leads.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	completed, err := c.placeAndFollow(*assistant, *to, *from)
	if err != nil {
		fmt.Fprintf(os.Stderr, "place-call: %v\n", err)
	}
	if !completed {
		os.Exit(1)
	}
}

func (c *client) placeAndFollow(assistant, to, from string) (bool, error) {
	order := map[string]any{
		"assistant": map[string]string{"assistantId": assistant, "version": "latest"},
		"toNumber":  to,
	}
	if from != "" {
		order["fromNumber"] = from
	}
	var placed struct {
		Data call `json:"data"`
	}
	if err := c.ask(http.MethodPost, "/v1/talk/create-phone-call", order, &placed); err != nil {
		return false, err
	}
	fmt.Printf("call %s\n", placed.Data.ID)
	for shown := ""; ; time.Sleep(pollEvery) {
		var now call
		if err := c.ask(http.MethodGet, "/v1/calls/"+url.PathEscape(placed.Data.ID), nil, &now); err != nil {
			return false, err
		}
		if now.State != shown {
			shown = now.State
			if now.Reason == nil {
				fmt.Println(shown)
			} else {
				fmt.Printf("%s: %s\n", shown, *now.Reason)
			}
		}
		switch shown {
		case "completed":
			return true, nil
		case "failed", "no_answer", "busy", "rejected", "cancelled", "expired":
			return false, nil
		}
	}
}

// ask reads the JSON of a successful answer into found.
func (c *client) ask(method, path string, body, found any) error {
	var sent bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&sent).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequest(method, c.url+path, &sent)
	if err != nil {
		return errors.New("RAPIDA_URL is no address")
	}
	request.Header.Set("x-api-key", c.key)
	if body != nil {
		request.Header.Set("content-type", "application/json")
		// Whoever sends the order again after a lost answer does so under the same key, and places one call.
		request.Header.Set("idempotency-key", randomKey())
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, answerBytesMax))
	if err != nil {
		return fmt.Errorf("no whole answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return told(answer.StatusCode, text)
	}
	if err := json.Unmarshal(text, found); err != nil {
		return errors.New("the answer is not JSON of the server")
	}
	return nil
}

// told reads {"error", "code"}, or {"error": {"errorMessage": "<code>: <text>"}} of the answers about placing calls.
func told(status int, text []byte) error {
	var plain struct{ Error, Code string }
	if json.Unmarshal(text, &plain) == nil && plain.Error != "" {
		return fmt.Errorf("%s (%s)", plain.Error, plain.Code)
	}
	var talk struct {
		Error struct {
			ErrorMessage string `json:"errorMessage"`
		} `json:"error"`
	}
	if json.Unmarshal(text, &talk) == nil && talk.Error.ErrorMessage != "" {
		return errors.New(talk.Error.ErrorMessage)
	}
	return fmt.Errorf("the server answered %d", status)
}

func randomKey() string {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		panic(err)
	}
	return hex.EncodeToString(random[:])
}
