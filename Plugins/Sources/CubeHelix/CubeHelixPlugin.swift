import FoveaCore

/// What this library adds to the toolkit.
public enum CubeHelixPlugin: Plugin {
  public static let name = "CubeHelix"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(CubeHelixMap.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_CubeHelix")
public func information() -> UnsafeRawPointer { CubeHelixPlugin.information }

@_cdecl("fovea_plugin_enter_CubeHelix")
public func enter(_ slot: UnsafeMutableRawPointer) { CubeHelixPlugin.enter(slot) }
