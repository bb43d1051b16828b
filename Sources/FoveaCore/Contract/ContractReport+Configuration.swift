extension ContractReport {
  /// What holds for every kind: its name, and that its configuration is read strictly.
  package mutating func checkConfiguration<C: Settings>(_ configuration: C, kind: String) {
    let noun = noun
    check("kind is a valid name") {
      guard Registry.isValid(kind: kind) else {
        throw RegistryError.invalidKind(noun: noun, kind: kind, origin: .program)
      }
      return kind
    }
    check("configuration survives being written and read") {
      let values = try ConfigurationDecoder.encode(configuration)
      let copy = try ConfigurationDecoder.decode(C.self, from: values, owner: kind)
      guard copy == configuration else { throw Breach("\(configuration) became \(copy)") }
      let known = Set(try ConfigurationDecoder.settings(of: C.self).map(\.key))
      if let stranger = C.requiredKeys.subtracting(known).min() {
        throw Breach("the required key '\(stranger)' is none of the configuration's \(known.sorted())")
      }
      return known.count.counted("key")
    }
    check("unknown and missing keys are refused") {
      var values = try ConfigurationDecoder.encode(configuration)
      for key in C.requiredKeys.sorted() {
        var incomplete = values
        incomplete[key] = nil
        let copy = try? ConfigurationDecoder.decode(C.self, from: incomplete, owner: kind)
        if let copy { throw Breach("without '\(key)' it was read as \(copy)") }
      }
      values["thisKeyExistsNowhere"] = 1
      let copy = try? ConfigurationDecoder.decode(C.self, from: values, owner: kind)
      if let copy { throw Breach("a key that does not exist was read as \(copy)") }
      return ""
    }
  }
}
