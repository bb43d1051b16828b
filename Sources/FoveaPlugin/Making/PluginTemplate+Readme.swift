import FoveaCore

extension PluginTemplate {
  static func readme(_ type: String, kind: String) -> String {
    """
    # \(type)

    A plugin for Fovea \(Toolkit.version) with one layer, `\(kind)`: x / (1 + e^(−slope·x)).

    ## Build, test, check
    ```sh
    swift build -c release                              # .build/release/lib\(type).so
    swift test -c release --disable-testable-imports    # with the same build
    fovea plugin check .build/release/lib\(type).so
    ```
    `plugin check` holds each layer to the whole contract: strict configuration, shapes, finite differences, adding
    gradients, determinism, threads, saving and loading. A layer that traps is a line in its report.

    ## Use
    ```sh
    fovea train \(kind).yaml DATA -o model.safetensors --plugin .build/release/lib\(type).so
    fovea classify model.safetensors photos/ --plugin .build/release/lib\(type).so
    ```
    Without `--plugin`, the library is found in the folders of `FOVEA_PLUGIN_PATH`, and in the user's own folder:
    ```sh
    mkdir -p ~/.local/share/fovea/plugins
    cp .build/release/lib\(type).so .build/release/libFoveaPluginKit.so ~/.local/share/fovea/plugins/
    fovea plugin list
    ```
    A model names the plugin and its version: who loads it needs this library. The library goes with the toolkit's version
    and the compiler that it was built with; with others, loading says so.

    ## Change
    | what | where |
    |---|---|
    | the layer | `Sources/\(type)/\(type)Layer.swift` |
    | what the plugin brings, its name and version | `Sources/\(type)/\(type)Plugin.swift` |
    | its tests | `Tests/\(type)Tests/` |
    | a network that uses it | `\(kind).yaml` |

    """
  }
}
