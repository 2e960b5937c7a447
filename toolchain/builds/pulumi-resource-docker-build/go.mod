module slipway/builds/pulumi-resource-docker-build

go 1.26.0

require github.com/pulumi/pulumi-docker-build v0.0.22

replace (
	github.com/pulumi/pulumi-dotnet/pulumi-language-dotnet/v3 => ./dotnet
	github.com/pulumi/pulumi-java => ./java
)
