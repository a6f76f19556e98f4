package io.ringrift.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The test runs on a real Kubernetes, one for all of them, and may ask for {@link Kubernetes} and {@link Release} as parameters.
 * When it fails, what the cluster looked like is written down.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnKubernetes.Extension.class)
@interface OnKubernetes {

    final class Extension
            implements ParameterResolver,
                    BeforeTestExecutionCallback,
                    AfterTestExecutionCallback,
                    LifecycleMethodExecutionExceptionHandler {

        private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Extension.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == Kubernetes.class || type == Release.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Kubernetes.class ? kubernetes(context) : release(context);
        }

        @Override
        public void beforeTestExecution(ExtensionContext context) {
            context.getStore(NAMESPACE).put("started", System.nanoTime());
        }

        @Override
        public void afterTestExecution(ExtensionContext context) {
            var took = Duration.ofNanos(
                    System.nanoTime() - context.getStore(NAMESPACE).get("started", Long.class));
            String name = name(context);
            System.out.printf("%-80s %5.1f s%n", name, took.toMillis() / 1000.0);
            context.getExecutionException().ifPresent(failure -> writeDown(context));
        }

        @Override
        public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
                throws Throwable {
            writeDown(context);
            throw failure;
        }

        @Override
        public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
                throws Throwable {
            writeDown(context);
            throw failure;
        }

        private static void writeDown(ExtensionContext context) {
            System.out.println("the cluster at that moment: " + Diagnostics.write(kubernetes(context), name(context)));
        }

        private static String name(ExtensionContext context) {
            return context.getRequiredTestClass().getSimpleName()
                    + context.getTestMethod()
                            .map(method -> "." + method.getName())
                            .orElse("");
        }

        // In the root's store, so that they are closed when the last test is done: the release before its cluster.
        private static Kubernetes kubernetes(ExtensionContext context) {
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .computeIfAbsent(Kubernetes.class, key -> Kubernetes.start(), Kubernetes.class);
        }

        private static Release release(ExtensionContext context) {
            var kubernetes = kubernetes(context);
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .computeIfAbsent(Release.class, key -> new Release(kubernetes), Release.class);
        }
    }
}
