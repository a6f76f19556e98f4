package io.ringrift.operator.kube;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests one {@link KubeApi} for the whole run, with the CRD installed. Tests keep apart by namespaces. */
public final class SharedKubeApi implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KubeApi.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store store = context.getRoot().getStore(ExtensionContext.Namespace.create(SharedKubeApi.class));
        return store.computeIfAbsent(KubeApi.class, key -> startWithCrd(), KubeApi.class);
    }

    private static KubeApi startWithCrd() {
        KubeApi api = KubeApi.start();
        api.installCrd();
        return api;
    }
}
