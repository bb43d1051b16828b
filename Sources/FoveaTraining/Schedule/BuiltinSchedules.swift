public import FoveaCore

/// The schedules of the toolkit, in one visible list.
public enum BuiltinSchedules {
  /// - Throws: ``RegistryError`` where one of the names is taken.
  public static func register(in registry: inout Registry) throws(RegistryError) {
    try registry.register(SpanSchedule.self, from: .builtin)
  }
}
