public import CFoveaPlugin

/// A set of kinds that a program may load: layers, steps before and after the network, losses, color maps.
///
/// A plugin is a dynamic library of Swift code with two C functions of one line each, by which a program finds it:
///
/// ```swift
/// public enum SwishPlugin: Plugin {
///   public static let name = "Swish"
///   public static let version = "1.0.0"
///
///   public static func register(in registry: inout Registry, from origin: Origin) throws {
///     try registry.register(SwishLayer.self, from: origin)
///   }
/// }
///
/// @_cdecl("fovea_plugin_information_Swish")
/// public func information() -> UnsafeRawPointer { SwishPlugin.information }
/// @_cdecl("fovea_plugin_enter_Swish")
/// public func enter(_ slot: UnsafeMutableRawPointer) { SwishPlugin.enter(slot) }
/// ```
///
/// The functions' names end with that of the library, which is in the file `libSwish.so`.
///
/// A program that has the type at compile time needs neither the library nor the functions: it calls `register`.
public protocol Plugin: Sendable {
  /// The one name of the plugin, in model files and errors: letters, digits, `-` and `_`.
  static var name: String { get }

  /// By the rules of semantic versioning, for example `1.0.0`.
  static var version: String { get }

  /// Registers all kinds of the plugin.
  ///
  /// - Parameter origin: the plugin's own name and version, to be handed on with every kind.
  /// - Throws: ``RegistryError`` where a name is taken, or any error in the plugin's own words; nothing is then registered.
  static func register(in registry: inout Registry, from origin: Origin) throws
}

extension Plugin {
  /// Where its kinds come from.
  public static var origin: Origin { .plugin(name: name, version: version) }

  /// What `fovea_plugin_information_NAME` returns: plain C data about the compiler and the toolkit of the caller's build.
  // Compiled into the plugin: the program's symbols come first, and would tell of the program.
  @_alwaysEmitIntoClient
  public static var information: UnsafeRawPointer {
    UnsafeRawPointer(fovea_information_of_this_build()!)
  }

  /// What `fovea_plugin_enter_NAME` does: hands this type to the program.
  public static func enter(_ slot: UnsafeMutableRawPointer) {
    slot.assumingMemoryBound(to: (any Plugin.Type)?.self).pointee = self
  }
}
