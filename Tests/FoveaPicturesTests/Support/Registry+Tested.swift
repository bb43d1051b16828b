import FoveaCore
import FoveaImage
import FoveaLayers

extension Registry {
  /// What the networks of these tests are made of.
  static func tested() throws -> Registry {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.registerImageKinds()
    return registry
  }
}
