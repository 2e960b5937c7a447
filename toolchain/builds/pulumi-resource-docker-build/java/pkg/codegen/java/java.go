// Package java declares the one type that the docker-build plugin names from this module, which generates Java SDKs.
// The plugin only writes the value into its schema; no Java is generated here.
package java

// PackageInfo is what a Pulumi schema says to the Java generator.
type PackageInfo struct {
	BuildFiles                      string            `json:"buildFiles,omitempty"`
	GradleNexusPublishPluginVersion string            `json:"gradleNexusPublishPluginVersion,omitempty"`
	Dependencies                    map[string]string `json:"dependencies,omitempty"`
}
