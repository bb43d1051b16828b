public import FoveaCore

/// Checks that what is no layer does what its protocol promises: steps, losses, optimizers. The pendant of
/// ``LayerContract`` for the other kinds. What a sort of kinds promises, its protocol says by
/// ``ConfigurableKind/checkContract(_:)``.
public enum KindContract {
  /// Checks a kind as a registry has it, by the contract of its sort; where that has none, by what holds for all kinds.
  ///
  /// - Returns: a report for each example, at least one.
  public static func check(_ kind: RegisteredKind) -> [ContractReport] {
    switch kind.type {
    case let type as any Operator.Type: LayerContract.check(type)
    case let type as any ConfigurableKind.Type: [defaults(type, kind.noun)]
    default: [checkSettings(kind.type.settingsType, of: kind)]
    }
  }

  /// Checks a kind with the configuration that is given, or its defaults.
  public static func check<K: ConfigurableKind>(_ type: K.Type, _ configuration: K = K.prototype) -> ContractReport {
    check(configuration, K.noun) { configuration.checkContract(&$0) }
  }

  /// - Parameter classes: how many classes, labels or numbers the network learns, for a loss with certain demands.
  public static func check<L: Loss>(_ type: L.Type, _ configuration: L = L(), classes: Int) -> ContractReport {
    check(configuration, L.noun) { configuration.checkContract(&$0, classes: classes) }
  }

  /// - Parameter before: the steps that make what this one takes, where that is neither scores nor the network's outputs.
  public static func check<S: PostprocessingStep>(
    _ type: S.Type, _ configuration: S = S.prototype, after before: [any PostprocessingStep]
  ) -> ContractReport {
    check(configuration, S.noun) { configuration.checkContract(&$0, after: before) }
  }

  private static func check<K: ConfigurableKind>(
    _ configuration: K, _ noun: String, _ body: (inout ContractReport) -> Void
  ) -> ContractReport {
    var report = ContractReport(noun, kind: K.kind)
    report.checkConfiguration(configuration, kind: K.kind)
    // What a prototype holds under required keys means nothing.
    if !K.requiredKeys.isEmpty, configuration == K.prototype, (try? configuration.checkSettings()) == nil {
      report.check("settings are valid") { "not run; check such a kind with settings of its own" }
      return report
    }
    report.check("settings are valid") {
      try configuration.checkSettings()
      return ""
    }
    if report.checks.last?.passed == true { body(&report) }
    return report
  }

  // An existential's type can be opened as an argument, and not where a default is to be made of it.
  private static func defaults<K: ConfigurableKind>(_ type: K.Type, _ noun: String) -> ContractReport {
    let configuration = K.prototype
    return check(configuration, noun) { configuration.checkContract(&$0) }
  }

  private static func checkSettings<C: Settings>(_ type: C.Type, of kind: RegisteredKind) -> ContractReport {
    var report = ContractReport(kind.noun, kind: kind.kind)
    report.checkConfiguration(C.prototype, kind: kind.kind)
    return report
  }
}
