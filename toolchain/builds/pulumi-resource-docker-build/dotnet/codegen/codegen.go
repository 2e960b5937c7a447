// Package codegen declares the one type that the docker-build plugin names from this module, which generates C# SDKs.
// The plugin only writes the value into its schema; no C# is generated here.
package codegen

// CSharpPackageInfo is what a Pulumi schema says to the C# generator.
type CSharpPackageInfo struct {
	RespectSchemaVersion bool              `json:"respectSchemaVersion,omitempty"`
	PackageReferences    map[string]string `json:"packageReferences,omitempty"`
}
