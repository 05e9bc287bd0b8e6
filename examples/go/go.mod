module example.com/rapida/place-call

go 1.19
