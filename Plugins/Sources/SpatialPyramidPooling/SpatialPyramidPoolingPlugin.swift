import FoveaCore

/// What this library adds to the toolkit.
public enum SpatialPyramidPoolingPlugin: Plugin {
  public static let name = "SpatialPyramidPooling"
  public static let version = "1.0.0"

  public static func register(in registry: inout Registry, from origin: Origin) throws {
    try registry.register(SpatialPyramidPoolingLayer.self, from: origin)
  }
}

@_cdecl("fovea_plugin_information_SpatialPyramidPooling")
public func information() -> UnsafeRawPointer { SpatialPyramidPoolingPlugin.information }

@_cdecl("fovea_plugin_enter_SpatialPyramidPooling")
public func enter(_ slot: UnsafeMutableRawPointer) { SpatialPyramidPoolingPlugin.enter(slot) }
