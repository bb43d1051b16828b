import Foundation
public import FoveaCore
import FoveaTesting
import Glibc

/// Checks a plugin in this process, which it may end: ``PluginCheck`` runs it in a process of its own.
public struct PluginExaminer {
  private let path: String
  private let registry: Registry
  private let secondsPerCheck: UInt32

  /// No layer of a few hundred numbers needs so long.
  public static let usualSecondsPerCheck = 60

  /// - Parameters:
  ///   - registry: the kinds that the plugin must go with.
  ///   - secondsPerCheck: after which the system ends the process.
  public init(path: String, registry: Registry, secondsPerCheck: Int = PluginExaminer.usualSecondsPerCheck) {
    self.path = path
    self.registry = registry
    self.secondsPerCheck = UInt32(clamping: secondsPerCheck)
  }

  /// Loads the plugin and checks one of its kinds, or none, and prints what happens for ``PluginCheck`` to read.
  ///
  /// It ends with whoever started it, who holds the other end of standard input.
  ///
  /// - Parameter kind: as ``LoadedPlugin/Kind/description`` has it.
  public func run(_ kind: String?) {
    Self.endWithParent()
    // Whoever checks a plugin wants no core files.
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    var loader = PluginLoader(registry)
    alarm(secondsPerCheck)
    do { try loader.load(path) } catch {
      Self.say(.refused(error.description))
      return
    }
    guard let plugin = loader.plugins.first else { return }
    Self.say(.loaded(plugin))
    for wanted in plugin.kinds where wanted.description == kind { check(wanted, loader.registry) }
    Self.say(.finished)
  }

  private static func endWithParent() {
    let thread = Thread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count == 0 || (count < 0 && errno != EINTR) { _exit(1) }
      }
    }
    thread.start()
  }

  private func check(_ kind: LoadedPlugin.Kind, _ registry: Registry) {
    let seconds = secondsPerCheck
    let observer = ContractObserver(
      began: { subject, check in
        alarm(seconds)
        Self.say(.began(subject: subject, check: check))
      },
      ended: { subject, check in
        Self.say(.ended(subject: subject, check: check.name, passed: check.passed, detail: check.detail))
      })
    ContractReport.$observer.withValue(observer) { Self.checkContract(kind, registry) }
    alarm(0)
  }

  private static func checkContract(_ kind: LoadedPlugin.Kind, _ registry: Registry) {
    guard let registered = registry.registered(kind.sort, kind.kind) else { return }
    _ = KindContract.check(registered)
  }

  /// At once and without a buffer, which a trap would leave unwritten.
  private static func say(_ event: CheckEvent) {
    var text = event.line + "\n"
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = write(STDOUT_FILENO, rest.baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }
}
