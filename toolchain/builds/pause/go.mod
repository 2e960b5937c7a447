module slipway/builds/pause

go 1.26
